-- One identity of each issuer for each person: `account_id` is the issuer, a space and its name for the person.
create unique index account_one_identity on auth.account (user_id, split_part(account_id, ' ', 1))
where provider_id = 'oidc';
