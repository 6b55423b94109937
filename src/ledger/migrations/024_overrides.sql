-- What was refused unless a named person says otherwise is asked for once more, by that person: one job in place of one.
alter table job add column override_of uuid unique references job;
