import { PageTitle } from '../../components/PageTitle.tsx';

export function Approvals() {
  return <PageTitle title="Approvals" />;
}
