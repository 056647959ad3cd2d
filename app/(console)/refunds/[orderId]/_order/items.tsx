import { Card } from '#app/_ui/card.tsx';
import { Money } from '#app/_ui/money.tsx';
import type { Order } from '#lib/orders/index.ts';

/** What was ordered, line by line, and the total. */
export function Items({ order }: { order: Order }) {
  return (
    <Card title="Items">
      <table className="w-full text-13">
        <thead className="text-12 text-ink-3">
          <tr>
            <th scope="col" className="pb-1 text-left font-medium">
              Item
            </th>
            <th scope="col" className="pb-1 pl-3 text-right font-medium">
              Qty
            </th>
            <th scope="col" className="hidden pb-1 pl-3 text-right font-medium sm:table-cell">
              Price
            </th>
            <th scope="col" className="pb-1 pl-3 text-right font-medium">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => (
            <Line key={line.lineNo} line={line} />
          ))}
        </tbody>
        <tfoot>
          <tr className="font-semibold">
            <th scope="row" className="border-t pt-2 text-left">
              Order total
            </th>
            <td className="border-t" />
            <td className="hidden border-t sm:table-cell" />
            <td className="border-t pt-2 text-right">
              <Money cents={order.totalCents} />
            </td>
          </tr>
        </tfoot>
      </table>
    </Card>
  );
}

function Line({ line }: { line: Order['lines'][number] }) {
  return (
    <tr className="align-top">
      <td className="py-1">
        {line.name ?? 'Item without a name'}
        <span className="block text-12 text-ink-3">{line.brandName ?? 'Brand not in the menu'}</span>
      </td>
      <td className="numeric py-1 pl-3 text-right">{line.qty}</td>
      <td className="hidden py-1 pl-3 text-right text-ink-2 sm:table-cell">
        <Money cents={line.priceCents} />
      </td>
      <td className="py-1 pl-3 text-right">
        <Money cents={line.extendedCents} />
      </td>
    </tr>
  );
}
