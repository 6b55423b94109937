-- The same walls, said so that the planner guesses better: "no such limit, or it is mine" was taken for one row in a
-- thousand, and a search by kana sorted a whole range instead of reading its first page off the index.
alter policy people_wall on workplace using (
  dataset_id in (select id from dataset)
  and (select wall('role')) is distinct from 'contractor'
  and case when (select wall('branch')) is null then true else branch_code = (select wall('branch')) end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);

do $$
declare
  name text;
  own constant text := $own$
    case when (select wall('branch')) is null then true else symbol in (select w.symbol from workplace w) end
    and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end$own$;
begin
  foreach name in array array['member', 'enrolment'] loop
    execute format($policy$alter policy people_wall on %I using (
      dataset_id in (select id from dataset)
      and (select wall('role')) is distinct from 'contractor' and %s)$policy$, name, own);
  end loop;
  foreach name in array array['decision', 'target_exit', 'warning'] loop
    execute format($policy$alter policy people_wall on %I using (
      issuance_id in (select id from issuance)
      and (select wall('role')) not in ('contractor', 'workplace') and %s)$policy$, name, own);
  end loop;
  foreach name in array array['mailpiece', 'certificate', 'notice'] loop
    execute format($policy$alter policy people_wall on %I using (
      issuance_id in (select id from issuance) and %s)$policy$, name, own);
  end loop;
end $$;
