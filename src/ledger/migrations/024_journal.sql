-- The journal is an insurer's, whatever an entry is about: imports, users and files have no issuance.
alter table journal add column insurer_number text references insurer;

-- Entries made before: by what they are about, else by who made them, else the only insurer there is. The rest stays nobody's.
alter table journal disable trigger frozen;
update journal j set insurer_number = coalesce(
  (select i.insurer_number from issuance i where i.id = j.issuance_id),
  case when j.operation like 'import-%' and j.operation <> 'import-postal'
       then (select d.insurer_number from dataset d where d.id::text = j.counts ->> 'dataset') end,
  (select a.insurer_number from account a
    where j.operation = 'create-account' and a.login = j.counts ->> 'account'
       or j.operation = 'change-account' and a.id::text = j.counts ->> 'account'),
  (select a.insurer_number from account a where a.login = j.actor),
  (select min(insurer_number) from insurer having count(*) = 1))
 where j.operation <> 'import-postal';
alter table journal enable trigger frozen;

-- Postal data is everybody's.
alter table journal add constraint journal_has_its_insurer
  check (insurer_number is not null or operation = 'import-postal') not valid;

create index journal_insurer on journal (insurer_number, id desc);
create index journal_operation on journal (insurer_number, operation, id desc);
create index journal_actor on journal (insurer_number, actor, id desc);

-- Who checks sees all of it; nobody else sees any.
drop policy insurer_wall on journal;
create policy insurer_wall on journal for select to todoke_console using (
  (insurer_number = (select wall('insurer')) or insurer_number is null and operation = 'import-postal')
  and (select wall('role')) in ('auditor', 'administrator'));
drop policy journal_insert on journal;
create policy journal_insert on journal for insert to todoke_console
  with check (insurer_number = (select wall('insurer')));
