import { PageTitle } from '../../components/PageTitle.tsx';

export function Batches() {
  return <PageTitle title="Batches" />;
}
