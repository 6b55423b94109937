-- The state of a paper without an event: where printing left it.
create or replace function first_state(kind text, run integer, paper bigint) returns text language sql stable as $$
  select case
    when kind = 'certificate' then
      case when exists (select 1 from certificate where issuance_id = run and certificate_number = paper) then 'made' end
    when exists (select 1 from printed_piece where issuance_id = run and mailpiece_number = paper) then 'printed'
    when exists (select 1 from held_piece where issuance_id = run and mailpiece_number = paper) then 'held'
    when exists (select 1 from mailpiece where issuance_id = run and mailpiece_number = paper) then 'planned'
  end
$$;
