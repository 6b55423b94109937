-- A piece that print held because nobody knows its workplace goes home when a named person says so, with a reason: it is made
-- again for home, like what staff have released.
insert into transition values ('mailpiece', 'send-home', 'held', 'released');

alter table issuance drop constraint issuance_remake_check;
alter table issuance add constraint issuance_remake_check
  check (remake in ('reroute', 'reprint', 'rehome', 'reissue', 'release', 'send-home'));
