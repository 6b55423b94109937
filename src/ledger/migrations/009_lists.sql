-- Lists of the console stay quick at twelve million papers: the order in which papers came to a state is an index.
drop index paper_state_issuance;
create index paper_state_issuance on paper_state (issuance_id, subject, state, seq);

-- Whether the one who asks sees all of the insurer's papers, or must be asked paper by paper.
create function sees_all() returns boolean language sql stable as $$
  select wall('branch') is null and wall('workplace') is null
$$;
