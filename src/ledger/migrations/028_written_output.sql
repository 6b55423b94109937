-- An issuance whose output was written whole at least once: what was printed, with its lists and its manifest. One that was
-- interrupted before is not finished, though all of it is printed.
create table written_output (
  issuance_id integer primary key references issuance,
  at timestamptz not null default clock_timestamp()
);
create trigger frozen before update or delete on written_output for each row execute function refuse_change();
-- Until now what was printed counted as finished.
insert into written_output
select id from issuance i
 where exists (select from print_batch b where b.issuance_id = i.id)
   and not exists (select from print_batch b where b.issuance_id = i.id and b.printed_at is null);
