import { PageTitle } from '../../components/PageTitle.tsx';

export function Approval() {
  return <PageTitle title="Approval" />;
}
