-- Whose acquisition a filed loss comes after decides whether it is of this eligibility: the function asks for both days now.
drop function if exists lost_by_filing(text, text, text, text);
