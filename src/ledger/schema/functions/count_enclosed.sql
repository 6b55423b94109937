-- Papers of persons (certificates and notices) = the sum over the mailpieces they lie in. A stray is a piece that does not
-- hold what it says, or that holds papers of both kinds.
create or replace function count_enclosed(c chunk, out pieces bigint, out certificates bigint, out strays bigint)
language sql stable as $$
  with piece as (
    select mailpiece_number, certificate_count from mailpiece
     where issuance_id = c.issuance_id and mailpiece_number between first_serial('2', c) and last_serial('2', c)
  ), enclosed as (
    select mailpiece_number, sum(held) as held, max(top) as top, count(*) as kinds
      from (
        select mailpiece_number, count(*) as held, max(position) as top from certificate
         where issuance_id = c.issuance_id and certificate_number between first_serial('1', c) and last_serial('1', c)
         group by mailpiece_number
        union all
        select mailpiece_number, 1, 1 from notice
         where issuance_id = c.issuance_id and mailpiece_number between first_serial('2', c) and last_serial('2', c)
      ) paper group by mailpiece_number
  )
  select count(p.mailpiece_number), coalesce(sum(e.held), 0),
         -- One that lies with a paper of the other kind is a stray too.
         count(*) filter (where p.mailpiece_number is null or e.mailpiece_number is null
                            or p.certificate_count <> e.held or e.top <> e.held or e.kinds > 1)
    from piece p full join enclosed e using (mailpiece_number)
$$;
