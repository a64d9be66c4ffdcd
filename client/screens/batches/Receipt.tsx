import { PageTitle } from '../../components/PageTitle.tsx';

export function Receipt() {
  return <PageTitle title="Receipt" />;
}
