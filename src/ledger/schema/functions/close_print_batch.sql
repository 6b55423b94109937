-- The caller that closes a print batch only says when; the counts are the database's own: every piece of the batch's range
-- and lot is printed, held or withdrawn, and none of another lot is in it. (The lot's pieces are looked up once, not lot by
-- lot for each piece of the range: that took most of the time.)
create or replace function close_print_batch() returns trigger language plpgsql as $$
declare
  counted record;
begin
  if old.printed_at is not null then
    raise exception 'closed_batch: batch % is printed', old.no using errcode = 'check_violation';
  end if;
  if new.lot_no <> old.lot_no then
    raise exception 'closed_batch: a batch stays in its lot' using errcode = 'check_violation';
  end if;
  if new.printed_at is not null then
    -- Every piece of the batch's range and lot, with what is on paper of it and what was withdrawn.
    with lots_piece as materialized (
      select m.mailpiece_number, m.certificate_count as planned
        from mailpiece m
        join issuance i on i.id = new.issuance_id
        join lot l on l.issuance_id = new.issuance_id and l.no = new.lot_no
        -- Looked up piece by piece: the planner would read every workplace of the insurer for the few of a batch.
        left join lateral (select branch_code from workplace
                            where dataset_id = i.workplaces_id and symbol = m.symbol limit 1) w on true
        left join lot_share s on s.issuance_id = new.issuance_id and s.lot_no = new.lot_no
                             and s.branch_code = coalesce(w.branch_code, '')
                             and m.mailpiece_number between s.first_mailpiece and s.last_mailpiece
       where m.issuance_id = new.issuance_id and m.route = new.route
         and m.mailpiece_number between new.first_mailpiece and new.last_mailpiece
         and (not l.by_branch or s.lot_no is not null)
    ), gone as materialized (
      select c.mailpiece_number, count(*) as withdrawn
        from paper_state s
        join certificate c on c.issuance_id = new.issuance_id and c.certificate_number = s.paper_number
       where s.state = 'withdrawn' and s.subject = 'certificate' and s.issuance_id = new.issuance_id
         and s.paper_number between first_certificate(new.first_mailpiece) and last_certificate(new.last_mailpiece)
       group by c.mailpiece_number
    ), piece as (
      select m.mailpiece_number, m.planned, p.certificate_count as printed, p.batch_no <> new.no as elsewhere,
             m.mailpiece_number in (select h.mailpiece_number from held_piece h
                                     where h.issuance_id = new.issuance_id and h.batch_no = new.no) as is_held,
             coalesce(s.state = 'withdrawn', false) as is_withdrawn,
             coalesce(g.withdrawn, 0) as withdrawn
        from lots_piece m
        left join gone g using (mailpiece_number)
        left join printed_piece p on p.issuance_id = new.issuance_id and p.mailpiece_number = m.mailpiece_number
        left join paper_state s on s.paper_number = m.mailpiece_number
    )
    select count(*) filter (where printed is not null) as printed_pieces,
           coalesce(sum(printed), 0) as printed_certificates,
           count(*) filter (where is_held and printed is null) as held_pieces,
           coalesce(sum(planned - withdrawn) filter (where is_held and printed is null), 0) as held_certificates,
           count(*) filter (where is_withdrawn and not is_held and printed is null) as withdrawn_pieces,
           coalesce(sum(withdrawn) filter (where printed is not null or is_held), 0)
             + coalesce(sum(planned) filter (where is_withdrawn and not is_held and printed is null), 0)
             as withdrawn_certificates,
           count(*) filter (where elsewhere or is_held and printed is not null or printed <> planned - withdrawn) as strays
      into counted from piece;
    if counted.strays > 0
       or (select count(*) from printed_piece p where p.issuance_id = new.issuance_id and p.batch_no = new.no)
          <> counted.printed_pieces then
      raise exception 'balance_mailpieces_printed: % pieces printed that should not be, or not as they should',
        counted.strays using errcode = 'check_violation';
    end if;
    new.printed_count := counted.printed_pieces;
    new.printed_certificate_count := counted.printed_certificates;
    new.held_count := counted.held_pieces;
    new.held_certificate_count := counted.held_certificates;
    new.withdrawn_count := counted.withdrawn_pieces;
    new.withdrawn_certificate_count := counted.withdrawn_certificates;
  end if;
  return new;
end $$;
