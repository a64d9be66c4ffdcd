import { PageTitle } from '../../components/PageTitle.tsx';

export function Events() {
  return <PageTitle title="Events" />;
}
