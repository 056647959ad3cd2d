-- The policy that is active: always one row, of the newest activation.
create or replace view recommender.active_policy as
select policy.version, policy.rules, activation.activated_at
from recommender.policy_activations as activation
join recommender.policies as policy using (version)
order by activation.id desc
limit 1;
