import { Notice } from '#app/_ui/notice.tsx';
import type { AgentEvidence, RefundClass } from '#lib/contract/refund.ts';
import { ClassBadge } from '../../_parts/class-badge.tsx';

/** What the model answered beside what the policy computes, and what of it does not hold. */
export function AgentNotes({ agent }: { agent: AgentEvidence }) {
  const { model_answer: model, policy_answer: policy, flags, contradictions, code } = agent;
  return (
    <div className="flex flex-col gap-2">
      <dl className="grid grid-cols-2 gap-2">
        <Answer name="The policy says" refundClass={policy.refund_class} usd={policy.refund_usd} />
        {model && <Answer name="The model said" refundClass={model.refund_class} usd={model.refund_usd} />}
      </dl>
      {!model && (
        <Notice tone="warn" title="The model gave no answer">
          What it did instead: {code ?? 'nothing'}. {agent.requests}{' '}
          {agent.requests === 1 ? 'request' : 'requests'} were made.
        </Notice>
      )}
      {flags.includes('clamped_to_policy') && (
        <Notice tone="warn" title="Held to the policy’s bounds">
          The model’s amount lies outside of ${agent.min_usd} to ${agent.max_usd} and was brought back.
        </Notice>
      )}
      {contradictions.length > 0 && (
        <Notice tone="warn" title="The reason contradicts the data">
          <ul className="list-disc pl-4">
            {contradictions.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}

function Answer({ name, refundClass, usd }: { name: string; refundClass: RefundClass; usd: string }) {
  return (
    <div>
      <dt className="text-12 text-ink-3">{name}</dt>
      <dd className="numeric flex items-center gap-2 text-13">
        ${usd} <ClassBadge refundClass={refundClass} />
      </dd>
    </div>
  );
}
