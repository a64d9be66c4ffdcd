import { parseAbi } from 'viem';

/** The functions of Safe 1.4.1 and its companions that this system calls or decodes. */
export const safeAbi = parseAbi([
  'function setup(address[] _owners, uint256 _threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver) external',
  'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) external payable returns (bool success)',
  'function nonce() external view returns (uint256)',
  'function getThreshold() external view returns (uint256)',
  'function getOwners() external view returns (address[])',
  'function VERSION() external view returns (string)',
  'event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)',
  'event ExecutionFailure(bytes32 indexed txHash, uint256 payment)',
]);

export const safeProxyFactoryAbi = parseAbi([
  'function createProxyWithNonce(address _singleton, bytes initializer, uint256 saltNonce) external returns (address proxy)',
  'event ProxyCreation(address indexed proxy, address singleton)',
]);

export const multiSendAbi = parseAbi(['function multiSend(bytes transactions) external payable']);
