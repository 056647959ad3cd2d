import { useId } from 'react';
import { FieldNote } from '#app/_ui/form-controls.tsx';
import { type ReasonCode, reasonCodes, reasonLabels } from '#lib/contract/refund.ts';

type ReasonChoiceProps = {
  value: ReasonCode | null;
  disabled: boolean;
  error?: string;
  onChange(code: ReasonCode): void;
};

/** Why a decision overrides the suggestion, from a fixed list. */
export function ReasonChoice({ value, disabled, error, onChange }: ReasonChoiceProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-13 font-medium">
        Why not as suggested
      </label>
      <select
        id={id}
        name="reasonCode"
        value={value ?? ''}
        disabled={disabled}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.value as ReasonCode)}
        className="h-9 w-full rounded-8 border border-line-strong bg-surface px-3 text-14 aria-invalid:border-bad disabled:bg-sunken"
      >
        <option value="" disabled>
          Choose a reason
        </option>
        {reasonCodes.map((code) => (
          <option key={code} value={code} className="bg-surface text-ink">
            {reasonLabels[code]}
          </option>
        ))}
      </select>
      <FieldNote id={`${id}-note`} error={error} />
    </div>
  );
}
