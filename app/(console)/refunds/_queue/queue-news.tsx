import { ArrowUp } from 'lucide-react';
import { Button } from '#app/_ui/button.tsx';
import { PAGE_SIZE } from './queue-params.ts';

/** Says how many orders arrived since the rows were shown; they come in when the person asks for them. */
export function QueueNews({ arrived, onShow }: { arrived: number; onShow(): void }) {
  const count = arrived >= PAGE_SIZE ? `${PAGE_SIZE}+` : String(arrived);
  return (
    <div aria-live="polite" className="ml-auto">
      {arrived > 0 && (
        <Button size="small" look="primary" onClick={onShow} className="numeric">
          <ArrowUp aria-hidden className="size-4" />
          {count} new
        </Button>
      )}
    </div>
  );
}
