-- The balances, counted by the database when a chunk or a print batch closes, and the rows behind them frozen after.
-- Errors carry SQLSTATE 23514 (check_violation) and a message that begins with the balance's name.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%: rows are never changed or removed', tg_table_name using errcode = 'check_violation';
end $$;

-- Decisions, certificates, mailpieces, exits: written while their chunk is open, then never touched again.
create function refuse_rows_of_closed_chunk() returns trigger language plpgsql as $$
declare
  closed integer;
begin
  select c.no into closed
    from (select distinct issuance_id, chunk_no from added) a
    join chunk c on c.issuance_id = a.issuance_id and c.no = a.chunk_no
   where case when tg_table_name like 'decision%' then c.decided_at else c.enclosed_at end is not null
   limit 1;
  if found then
    raise exception 'closed_chunk: % of chunk % is closed', tg_table_name, closed using errcode = 'check_violation';
  end if;
  return null;
end $$;

create function refuse_rows_of_printed_batch() returns trigger language plpgsql as $$
begin
  if exists (select 1
               from (select distinct issuance_id, batch_no from added) a
               join print_batch b on b.issuance_id = a.issuance_id and b.no = a.batch_no
              where b.printed_at is not null) then
    raise exception 'closed_batch: % of a printed batch is closed', tg_table_name using errcode = 'check_violation';
  end if;
  return null;
end $$;

create trigger closed_chunk after insert on decision
  referencing new table as added for each statement execute function refuse_rows_of_closed_chunk();
create trigger closed_chunk after insert on target_exit
  referencing new table as added for each statement execute function refuse_rows_of_closed_chunk();
create trigger closed_chunk after insert on mailpiece
  referencing new table as added for each statement execute function refuse_rows_of_closed_chunk();
create trigger closed_chunk after insert on certificate
  referencing new table as added for each statement execute function refuse_rows_of_closed_chunk();
create trigger closed_batch after insert on printed_piece
  referencing new table as added for each statement execute function refuse_rows_of_printed_batch();
create trigger closed_batch after insert on held_piece
  referencing new table as added for each statement execute function refuse_rows_of_printed_batch();
create trigger closed_batch after insert on print_file
  referencing new table as added for each statement execute function refuse_rows_of_printed_batch();

create trigger frozen before update or delete on decision for each row execute function refuse_change();
create trigger frozen before update or delete on target_exit for each row execute function refuse_change();
create trigger frozen before update or delete on mailpiece for each row execute function refuse_change();
create trigger frozen before update or delete on certificate for each row execute function refuse_change();
create trigger frozen before update or delete on printed_piece for each row execute function refuse_change();
create trigger frozen before update or delete on held_piece for each row execute function refuse_change();
create trigger frozen before update or delete on print_file for each row execute function refuse_change();
create trigger frozen before update or delete on member for each row execute function refuse_change();
create trigger frozen before update or delete on workplace for each row execute function refuse_change();
create trigger frozen before update or delete on enrolment for each row execute function refuse_change();
create trigger frozen before update or delete on dataset for each row execute function refuse_change();
create trigger frozen before update or delete on issuance for each row execute function refuse_change();
create trigger frozen before update or delete on journal for each row execute function refuse_change();

-- Paper numbers are kind (1) + issuance (4) + member ordinal (8) + check digit (1): a chunk's numbers are one range.
create function first_serial(kind text, c chunk) returns bigint language sql immutable as $$
  select (kind || lpad(c.issuance_id::text, 4, '0') || lpad((c.members_before + 1)::text, 8, '0') || '0')::bigint
$$;
create function last_serial(kind text, c chunk) returns bigint language sql immutable as $$
  select (kind || lpad(c.issuance_id::text, 4, '0') || lpad((c.members_before + c.member_count)::text, 8, '0')
          || '9')::bigint
$$;

-- members = targets + others, one decision each, none of another chunk's.
create function count_decisions(c chunk, out targets bigint, out others bigint, out strays bigint)
language sql stable as $$
  select count(*) filter (where is_target), count(*) filter (where not is_target), count(*) filter (where chunk_no <> c.no)
    from decision d
   where d.issuance_id = c.issuance_id
     and (d.symbol, d.number_rank, d.number) >= (c.first_symbol, c.first_rank, c.first_number)
     and (d.symbol, d.number_rank, d.number) <= (c.last_symbol, c.last_rank, c.last_number)
$$;

-- certificates = sum over mailpieces; a stray is a piece that does not hold what it says.
create function count_enclosed(c chunk, out pieces bigint, out certificates bigint, out strays bigint)
language sql stable as $$
  with piece as (
    select mailpiece_number, certificate_count from mailpiece
     where issuance_id = c.issuance_id and mailpiece_number between first_serial('2', c) and last_serial('2', c)
  ), enclosed as (
    select mailpiece_number, count(*) as held, max(position) as top from certificate
     where issuance_id = c.issuance_id and certificate_number between first_serial('1', c) and last_serial('1', c)
     group by mailpiece_number
  )
  select count(p.mailpiece_number), coalesce(sum(e.held), 0),
         count(*) filter (where p.mailpiece_number is null or e.mailpiece_number is null
                            or p.certificate_count <> e.held or e.top <> e.held)
    from piece p full join enclosed e using (mailpiece_number)
$$;

-- Papers and exits of persons who are no targets, and targets with both a paper and an exit.
create function count_papers_of_nobody(c chunk) returns bigint language sql stable as $$
  with paper as (
    select symbol, number::bigint as number_rank, number, sub_number from certificate
     where issuance_id = c.issuance_id and certificate_number between first_serial('1', c) and last_serial('1', c)
    union all
    select symbol, number::bigint, number, sub_number from target_exit
     where issuance_id = c.issuance_id and chunk_no = c.no
  ), target as (
    select symbol, number_rank, number, sub_number from decision d
     where d.issuance_id = c.issuance_id and d.is_target
       and (d.symbol, d.number_rank, d.number) >= (c.first_symbol, c.first_rank, c.first_number)
       and (d.symbol, d.number_rank, d.number) <= (c.last_symbol, c.last_rank, c.last_number)
  )
  -- Each of the two tables is unique by person, so only one of each can double.
  select (select count(*) from paper left join target using (symbol, number_rank, number, sub_number)
           where target.symbol is null)
       + (select count(*) from target_exit e join certificate using (issuance_id, symbol, number, sub_number)
           where e.issuance_id = c.issuance_id and e.chunk_no = c.no)
$$;

-- Whoever closes a chunk only says when; the counts are the database's own.
create function close_chunk() returns trigger language plpgsql as $$
declare
  counted record;
  strays bigint;
begin
  if old.decided_at is not null and new.decided_at is distinct from old.decided_at
     or old.enclosed_at is not null and new.enclosed_at is distinct from old.enclosed_at then
    raise exception 'closed_chunk: chunk % is closed', old.no using errcode = 'check_violation';
  end if;
  if new.decided_at is not null and old.decided_at is null then
    counted := count_decisions(new);
    if counted.strays > 0 then
      raise exception 'balance_members_decided: % decisions of another chunk', counted.strays
        using errcode = 'check_violation';
    end if;
    new.target_count := counted.targets;
    new.not_target_count := counted.others;
  end if;
  if new.enclosed_at is not null and old.enclosed_at is null then
    counted := count_enclosed(new);
    strays := counted.strays;
    if strays > 0 then
      raise exception 'balance_certificates_enclosed: % mailpieces do not hold what they say', strays
        using errcode = 'check_violation';
    end if;
    strays := count_papers_of_nobody(new);
    if strays > 0 then
      raise exception 'balance_targets_certificates: % papers or exits that belong to no target alone', strays
        using errcode = 'check_violation';
    end if;
    new.mailpiece_count := counted.pieces;
    new.certificate_count := counted.certificates;
    select count(*) into new.exit_count from target_exit e
     where e.issuance_id = new.issuance_id and e.chunk_no = new.no;
  end if;
  return new;
end $$;

create trigger close_chunk before update on chunk for each row execute function close_chunk();
create trigger frozen before delete on chunk for each row execute function refuse_change();

create function close_print_batch() returns trigger language plpgsql as $$
declare
  printed record;
  held record;
  stray bigint;
begin
  if old.printed_at is not null then
    raise exception 'closed_batch: batch % is printed', old.no using errcode = 'check_violation';
  end if;
  if new.printed_at is not null then
    select count(*) as pieces, coalesce(sum(pp.certificate_count), 0) as certificates,
           count(*) filter (where m.mailpiece_number is null or m.certificate_count <> pp.certificate_count
                              or pp.batch_no <> new.no) as strays
      into printed
      from printed_piece pp
      left join mailpiece m on m.issuance_id = pp.issuance_id and m.mailpiece_number = pp.mailpiece_number
                           and m.route = new.route
     where pp.issuance_id = new.issuance_id and pp.mailpiece_number between new.first_mailpiece and new.last_mailpiece
       and pp.batch_no = new.no;
    select count(*) as pieces, coalesce(sum(m.certificate_count), 0) as certificates
      into held
      from mailpiece m
     where m.issuance_id = new.issuance_id and m.route = new.route
       and m.mailpiece_number between new.first_mailpiece and new.last_mailpiece
       and m.mailpiece_number in (select mailpiece_number from held_piece
                                   where issuance_id = new.issuance_id and batch_no = new.no);
    select count(*) into stray
      from held_piece h join printed_piece p using (issuance_id, mailpiece_number)
     where h.issuance_id = new.issuance_id and h.batch_no = new.no;
    if printed.strays > 0 or stray > 0 then
      raise exception 'balance_mailpieces_printed: % pieces in the wrong batch, % both printed and held',
        printed.strays, stray using errcode = 'check_violation';
    end if;
    new.printed_count := printed.pieces;
    new.printed_certificate_count := printed.certificates;
    new.held_count := held.pieces;
    new.held_certificate_count := held.certificates;
  end if;
  return new;
end $$;

create trigger close_print_batch before update on print_batch for each row execute function close_print_batch();
create trigger frozen before delete on print_batch for each row execute function refuse_change();

-- Partitions are made by these two, so that the application's role needs no right to change the schema.
create function create_snapshot_partition(parent text, dataset integer) returns text language plpgsql as $$
declare
  name text := format('%s_%s', parent, dataset);
begin
  if parent not in ('member', 'workplace', 'enrolment') then
    raise exception 'no snapshot table %', parent;
  end if;
  execute format('create table %I (like %I including defaults including generated including constraints)', name, parent);
  execute format('alter table %I alter column dataset_id set default %s', name, dataset);
  execute format('alter table %I add constraint snapshot check (dataset_id = %s)', name, dataset);
  return name;
end $$;

create function attach_snapshot_partition(parent text, dataset integer) returns void language plpgsql as $$
declare
  name text := format('%s_%s', parent, dataset);
  key text := case when parent = 'workplace' then 'dataset_id, symbol'
                   else 'dataset_id, symbol, number_rank, number, sub_number' end;
begin
  execute format('alter table %I add primary key (%s)', name, key);
  execute format('alter table %I attach partition %I for values in (%s)', parent, name, dataset);
  execute format('analyze %I', name);
end $$;

create function create_issuance_partitions(issuance integer) returns void language plpgsql as $$
declare
  parent text;
begin
  foreach parent in array array['decision', 'mailpiece', 'certificate', 'printed_piece'] loop
    execute format('create table %I partition of %I for values in (%s)', parent || '_' || issuance, parent, issuance);
  end loop;
end $$;
