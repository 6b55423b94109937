-- What may not be given up: a part of another, what was given up before, what was posted.
create or replace function refuse_cancellation() returns trigger language plpgsql as $$
begin
  if is_cancelled(new.issuance_id) then
    raise exception 'cancelled_before: issuance % is given up', new.issuance_id using errcode = 'check_violation';
  end if;
  if exists (select 1 from issuance where id = new.issuance_id and parent_id is not null) then
    raise exception 'cancellation_of_remake: issuance % is part of another', new.issuance_id using errcode = 'check_violation';
  end if;
  if exists (select 1 from event e join issuance i on i.id = e.issuance_id
              where (i.id = new.issuance_id or i.parent_id = new.issuance_id) and e.event = 'post') then
    raise exception 'cancellation_after_posting: pieces of issuance % are posted', new.issuance_id using errcode = 'check_violation';
  end if;
  select count(*) + 1 into new.turn from cancellation_take_back t where t.issuance_id = new.issuance_id;
  return new;
end $$;
