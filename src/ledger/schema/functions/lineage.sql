-- Where an issuance comes from (`Lineage` of src/rules/papers/lineage.ts).
create or replace function lineage(i issuance) returns jsonb language sql stable as $$
  select jsonb_build_object('plan', i.plan, 'round', i.round, 'remake', i.remake, 'remakeNo', i.remake_no)
$$;
