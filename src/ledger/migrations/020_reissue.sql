-- 再交付: a certificate made again on request. The request is an event of the old certificate (who, when, why); what is made
-- of the requests is an issuance with a parent, as all papers made again.
insert into transition values
  ('certificate', 'reissue', 'missing', 'void'),
  ('certificate', 'reissue', 'issued', 'issued'),
  -- Found after another was asked for in its place: it goes back at once (健保則49条).
  ('certificate', 'find', 'void', 'return-demanded');

alter table issuance drop constraint issuance_remake_check;
alter table issuance add constraint issuance_remake_check check (remake in ('reroute', 'reprint', 'rehome', 'reissue'));

create index event_reissue on event (insurer_number, seq) where event = 'reissue';

-- Each request is met once, and by which issuance.
create table reissued_certificate (
  certificate_number bigint primary key,
  parent_id integer not null references issuance,
  issuance_id integer not null references issuance
);
create index reissued_certificate_issuance on reissued_certificate (issuance_id);
create trigger frozen before update or delete on reissued_certificate for each row execute function refuse_change();

create function refuse_reissue_unasked() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from event where paper_number = new.certificate_number and issuance_id = new.parent_id
                                       and event = 'reissue') then
    raise exception 'reissue_unasked: nobody asked for % again', new.certificate_number using errcode = 'check_violation';
  end if;
  if not exists (select 1 from issuance where id = new.issuance_id and parent_id = new.parent_id and remake = 'reissue') then
    raise exception 'reissue_unasked: issuance % is not made of requests', new.issuance_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger asked before insert on reissued_certificate for each row execute function refuse_reissue_unasked();

alter table reissued_certificate enable row level security;
create policy insurer_wall on reissued_certificate to todoke_console
  using (issuance_id in (select id from issuance));
grant select on reissued_certificate to todoke_console;
