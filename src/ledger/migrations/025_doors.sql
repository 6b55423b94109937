-- A reading request brings its session's token along with its questions: one round trip asks whether the session is still
-- open and the same, sets the walls from what is stored, and answers.

-- Sessions that still open the door, of accounts that may still sign in. `version` changes with all that the server
-- decides by; how long a session may rest is the caller's to say (`seen_at`).
create view open_session as
select s.token_sha256, s.seen_at, s.csrf, s.expires_at, a.id, a.insurer_number, a.login, a.display_name, a.role,
       a.branch_code, a.workplace_symbol, a.expires_on, a.is_disabled,
       md5(row (a.id, a.insurer_number, a.login, a.display_name, a.role, a.branch_code, a.workplace_symbol, a.expires_on,
                s.csrf, extract(epoch from s.expires_at))::text) as version
  from session s
  join account a on a.id = s.account_id
 where s.expires_at > now() and not a.is_disabled and coalesce(a.expires_on >= current_date, true);

-- Puts the rest of the transaction behind the wall of a session, if it is open and what the caller knows of it is still so.
create function enter(token text, idle_minutes integer, known_version text) returns void language plpgsql as $$
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

-- Puts the rest of the transaction behind a wall.
create function stand_behind(insurer text, of_role text, branch text, workplace text) returns void language sql as $$
  select set_config('todoke.insurer', insurer, true), set_config('todoke.role', of_role, true),
         set_config('todoke.branch', coalesce(branch, ''), true),
         set_config('todoke.workplace', coalesce(workplace, ''), true), set_config('role', 'todoke_console', true);
$$;
revoke execute on function enter, stand_behind from public;
