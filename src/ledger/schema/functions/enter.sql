-- Puts the rest of the transaction behind the wall of a session, if the session is open and unchanged since the caller read
-- it (`known_version`, see open_session). One round trip asks this along with a page's questions.
create or replace function enter(token text, idle_minutes integer, known_version text) returns void language plpgsql as $$
declare
  door open_session;
begin
  select * into door from open_session s
   where s.token_sha256 = token and s.seen_at > now() - make_interval(mins => idle_minutes);
  if not found or door.version <> known_version then
    raise exception 'the session is over or has changed' using errcode = 'TD401';
  end if;
  perform stand_behind(door.insurer_number, door.role, door.branch_code, door.workplace_symbol);
end $$;
revoke execute on function enter from public;
