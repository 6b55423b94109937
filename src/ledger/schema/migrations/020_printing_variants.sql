-- Rows of replaced variants are a record of what was printed, as those of its neighbours: written until the batch is printed,
-- and never changed.
create trigger closed_batch after insert on replaced_variant
  referencing new table as added for each statement execute function refuse_rows_of_printed_batch();
create trigger frozen before update or delete on replaced_variant for each row execute function refuse_change();
