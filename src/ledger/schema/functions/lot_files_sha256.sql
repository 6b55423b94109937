-- One hash over the paths and hashes of a lot's print files, in path order: what an approval is given for.
create or replace function lot_files_sha256(run integer, lot smallint) returns text language sql stable
  security definer set search_path = todoke, pg_temp as $$
  select encode(sha256(convert_to(coalesce(string_agg(f.path || ' ' || f.sha256 || E'\n', '' order by f.path collate "C"), ''),
                                  'UTF8')), 'hex')
    from print_batch b join print_file f on f.issuance_id = b.issuance_id and f.batch_no = b.no
   where b.issuance_id = run and b.lot_no = lot
$$;
