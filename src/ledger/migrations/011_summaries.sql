-- Counts of decisions by reason, a chunk at a time: a closed chunk's decisions never change, so what is counted once stays
-- true, and a page costs the same at forty million members as at four hundred.
create table chunk_reason (
  issuance_id integer not null,
  chunk_no integer not null,
  is_target boolean not null,
  reason text not null,
  count integer not null check (count > 0),
  primary key (issuance_id, chunk_no, is_target, reason),
  foreign key (issuance_id, chunk_no) references chunk
);
create trigger frozen before update or delete on chunk_reason for each row execute function refuse_change();
alter table chunk_reason enable row level security;
-- Of the whole insurer: who sees a part counts that part.
create policy insurer_wall on chunk_reason to todoke_console
  using ((select sees_all()) and (select wall('role')) not in ('contractor', 'workplace')
         and issuance_id in (select id from issuance));
grant select on chunk_reason to todoke_console;
