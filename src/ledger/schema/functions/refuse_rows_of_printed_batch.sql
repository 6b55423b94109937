-- Rows of a print batch are written until it is printed, and never after.
create or replace function refuse_rows_of_printed_batch() returns trigger language plpgsql as $$
begin
  if exists (select 1
               from (select distinct issuance_id, batch_no from added) a
               join print_batch b on b.issuance_id = a.issuance_id and b.no = a.batch_no
              where b.printed_at is not null) then
    raise exception 'closed_batch: % of a printed batch is closed', tg_table_name using errcode = 'check_violation';
  end if;
  return null;
end $$;
