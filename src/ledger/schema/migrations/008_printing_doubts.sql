-- Print also stops names and addresses that nobody can have, and pieces of dependents whose insured person is in no file.
alter table held_piece drop constraint held_piece_reason_check;
alter table held_piece add constraint held_piece_reason_check
  check (reason in ('address-missing', 'workplace-unknown', 'missing-character', 'does-not-fit', 'name-unreadable',
                    'address-none', 'address-unreadable', 'insured-person-missing'));
