-- People who run the pipeline: they see its pages, mend, replay and drop records, and decide nothing.
alter table auth."user" drop constraint user_role_check;
alter table auth."user" add constraint user_role_check
  check (role in ('viewer', 'reviewer', 'lead', 'engineer', 'admin'));
