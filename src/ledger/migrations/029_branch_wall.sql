-- A branch's wall, asked row by row: "one of all the workplaces of the branch" was gathered anew by every table of every
-- question, which cost as much as the insurer has workplaces. Which branch a workplace belongs to, or has belonged to in
-- any file, is one look into an index.
create table workplace_branch (
  insurer_number text not null references insurer,
  branch_code text collate "C" not null check (branch_code <> ''),
  symbol text collate "C" not null,
  primary key (insurer_number, branch_code, symbol)
);
alter table workplace_branch enable row level security;
create policy insurer_wall on workplace_branch to todoke_console using (
  insurer_number = (select wall('insurer')) and branch_code = (select wall('branch')));
grant select on workplace_branch to todoke_console;

insert into workplace_branch
select distinct d.insurer_number, w.branch_code, w.symbol
  from workplace w join dataset d on d.id = w.dataset_id where w.branch_code <> '';

-- A branch's workplaces in the order of their symbols: what its lists are read along.
create index workplace_of_branch on workplace (dataset_id, branch_code, symbol);

do $$
declare
  name text;
  -- Whether a row's workplace is one the account may see; %1$s = the table, %2$s = its column.
  own constant text := $own$
    case when (select wall('branch')) is null then true
         else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                  and b.branch_code = (select wall('branch')) and b.symbol = %1$I.%2$I) is true end
    and case when (select wall('workplace')) is null then true else %1$I.%2$I = (select wall('workplace')) end$own$;
begin
  foreach name in array array['member', 'enrolment'] loop
    execute format($policy$alter policy people_wall on %1$I using (
      dataset_id in (select id from dataset)
      and (select wall('role')) is distinct from 'contractor' and %2$s)$policy$, name, format(own, name, 'symbol'));
  end loop;
  execute format($policy$alter policy people_wall on burden_ratio using (
    dataset_id in (select id from dataset)
    and (select wall('role')) not in ('contractor', 'workplace') and %s)$policy$, format(own, 'burden_ratio', 'symbol'));
  foreach name in array array['decision', 'target_exit', 'warning'] loop
    execute format($policy$alter policy people_wall on %1$I using (
      issuance_id in (select id from issuance)
      and (select wall('role')) not in ('contractor', 'workplace') and %2$s)$policy$, name, format(own, name, 'symbol'));
  end loop;
  foreach name in array array['mailpiece', 'certificate', 'notice', 'notice_parcel'] loop
    execute format($policy$alter policy people_wall on %1$I using (
      issuance_id in (select id from issuance) and %2$s)$policy$, name, format(own, name, 'symbol'));
  end loop;
  execute format($policy$alter policy people_wall on parcel using (
    issuance_id in (select id from issuance)
    and (select wall('role')) is distinct from 'contractor' and %s)$policy$, format(own, 'parcel', 'symbol'));
  execute format($policy$alter policy people_wall on recall_slip using (
    insurer_number = (select wall('insurer'))
    and (select wall('role')) is distinct from 'contractor' and %s)$policy$, format(own, 'recall_slip', 'symbol'));
  foreach name in array array['filing', 'print_correction'] loop
    execute format($policy$alter policy people_wall on %1$I using (
      insurer_number = (select wall('insurer'))
      and (select wall('role')) not in ('contractor', 'workplace') and %2$s)$policy$, name, format(own, name, 'symbol'));
  end loop;
  foreach name in array array['enrolment_group', 'reason_group', 'reason_count'] loop
    execute format($policy$alter policy people_wall on %1$I using (
      %2$s and (select wall('role')) not in ('contractor', 'workplace')
      and case when (select sees_all()) then true
               when level = 'branch' then code = (select wall('branch'))
               else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                        and b.branch_code = (select wall('branch')) and b.symbol = %1$I.code) is true end)$policy$, name,
      case name when 'enrolment_group' then 'dataset_id in (select id from dataset)'
                else 'issuance_id in (select id from issuance)' end);
  end loop;
end $$;
