import { PageTitle } from '../../components/PageTitle.tsx';

export function Dashboard() {
  return <PageTitle title="Dashboard" />;
}
