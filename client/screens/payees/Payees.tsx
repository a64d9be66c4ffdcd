import { PageTitle } from '../../components/PageTitle.tsx';

export function Payees() {
  return <PageTitle title="Payees" />;
}
