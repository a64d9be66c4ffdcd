import { PageTitle } from '../../components/PageTitle.tsx';

export function Accounts() {
  return <PageTitle title="Accounts" />;
}
