export { getDeliveryDashboard } from './deliveries.ts';
