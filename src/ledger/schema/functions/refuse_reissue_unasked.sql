-- A certificate is made again only where somebody asked for it, in an issuance that is made of requests.
create or replace function refuse_reissue_unasked() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from event where paper_number = new.certificate_number and issuance_id = new.parent_id
                                       and event = 'reissue') then
    raise exception 'reissue_unasked: nobody asked for % again', new.certificate_number using errcode = 'check_violation';
  end if;
  if not exists (select 1 from issuance where id = new.issuance_id and parent_id = new.parent_id and remake = 'reissue') then
    raise exception 'reissue_unasked: issuance % is not made of requests', new.issuance_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
