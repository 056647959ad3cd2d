import { redirect } from 'next/navigation';
import { paths } from './paths.ts';

export default function StartPage(): never {
  redirect(paths.refunds());
}
