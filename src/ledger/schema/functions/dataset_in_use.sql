-- The file of a kind that is in use: the one taken in last, or the earlier one that was taken up again after it.
create or replace function dataset_in_use(insurer text, of_kind text) returns integer language sql stable as $$
  select dataset_id from dataset_use where insurer_number = insurer and kind = of_kind order by id desc limit 1
$$;
