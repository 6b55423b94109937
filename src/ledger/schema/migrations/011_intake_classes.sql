-- The insured person's 被保険者区分 is the household's, whatever a dependent's own row says.
alter table member add column given_class text
  check (given_class in ('general', 'voluntary-continuation', 'special-retiree', 'day-labourer'));
comment on column member.given_class is
  'Class the row gave where it is not the insured person''s: `insured_class` is then that of the insured person. Null = the same.';
