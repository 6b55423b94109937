-- Taken back is what one person has asked for: not what two have decided, and not once paper was destroyed on its word.
create or replace function refuse_cancellation_take_back() returns trigger language plpgsql as $$
begin
  select count(*) + 1 into new.turn from cancellation_take_back t where t.issuance_id = new.issuance_id;
  if is_cancelled(new.issuance_id)
     or not exists (select from cancellation c where c.issuance_id = new.issuance_id and c.turn = new.turn) then
    raise exception 'nothing_to_take_back: nobody alone has asked to give issuance % up', new.issuance_id
      using errcode = 'check_violation';
  end if;
  if exists (with recursive family as (
               select id from issuance where id = new.issuance_id
               union all select i.id from issuance i join family f on i.parent_id = f.id)
             select from withdrawal w where w.issuance_id in (select id from family) and w.code = 'cancelled') then
    raise exception 'take_back_after_destruction: paper of issuance % was destroyed', new.issuance_id
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
