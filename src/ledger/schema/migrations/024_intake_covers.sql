-- Whose acquisition a filed loss comes after decides whether it is of this eligibility: the function asks for both days now.
drop function if exists lost_by_filing(text, text, text, text);

-- 施行規則47条3項4号: from 70 on the ratio and its 発効期日 stand on the certificate where no 高齢受給者証 is issued.
alter table certificate
  add column ratio smallint check (ratio in (2, 3)),
  add column ratio_from date,
  add constraint certificate_ratio_check check ((ratio is null) = (ratio_from is null));
comment on column certificate.ratio is 'Tenths of the cost on the face, from 70 on where no 高齢受給者証 says it; null = none stands there.';
comment on column certificate.ratio_from is '発効期日 of the ratio on the face; null where there is none.';

-- Three tenths of a dependent whose insured person is under 70 wait for staff.
alter table target_exit drop constraint target_exit_reason_check;
alter table target_exit add constraint target_exit_reason_check
  check (reason in ('mail-stopped', 'withdrawn-lost', 'no-validity', 'reached-75', 'match-unresolved', 'income-unknown',
                    'ratio-doubtful', 'no-address'));

-- A round that shows no digits asks only those for the number whose number is not known for certain.
alter table notice drop constraint digits_or_request_form;
alter table notice add constraint digits_or_request_form check (not (shows_digits and request_form));
