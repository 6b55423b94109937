-- Puts the rest of the transaction behind a wall.
create or replace function stand_behind(insurer text, of_role text, branch text, workplace text) returns void language sql as $$
  select set_config('todoke.insurer', insurer, true), set_config('todoke.role', of_role, true),
         set_config('todoke.branch', coalesce(branch, ''), true),
         set_config('todoke.workplace', coalesce(workplace, ''), true), set_config('role', 'todoke_console', true);
$$;
revoke execute on function stand_behind from public;
