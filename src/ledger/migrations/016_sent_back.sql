-- What a workplace could not hand over and sends back unopened is a return too (reason `sent-back`), and goes home.
insert into transition values ('mailpiece', 'return', 'not-handed-over', 'returned');
