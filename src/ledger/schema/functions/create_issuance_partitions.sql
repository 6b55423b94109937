-- Makes an issuance's partitions, so that the application's role needs no right to change the schema.
create or replace function create_issuance_partitions(issuance integer) returns void language plpgsql as $$
declare
  parent text;
  kind text := (select i.paper_kind from issuance i where i.id = issuance);
begin
  foreach parent in array array['decision', 'mailpiece', 'printed_piece']
    || case kind when 'notice' then array['notice', 'parcelled_notice'] else array['certificate'] end loop
    execute format('create table %I partition of %I for values in (%s)', parent || '_' || issuance, parent, issuance);
  end loop;
end $$;
