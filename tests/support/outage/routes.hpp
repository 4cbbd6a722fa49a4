#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace leat::outage {

/// Moves this process to a network namespace of its own that has only loopback and ends with the process.
/// Throws std::runtime_error without the right to do so, which root has.
void enter_own_network();

/// Removes the routes to addresses of that namespace, and gives them back. All throw std::runtime_error if it
/// can't be done.
class Routes {
 public:
  explicit Routes(std::vector<std::string> addresses) : addresses_(std::move(addresses)) {}

  /// A client that connects is told at once that there is no route.
  void withdraw() const;
  /// Prepares for lead_astray(), with iproute2.
  void lay_wrong_track();
  /// All packets to the addresses vanish without an answer.
  void lead_astray() const;
  void restore() const;

 private:
  std::vector<std::string> addresses_;
  unsigned wrong_track_ = 0;  // the index of the interface
};

/// Runs it with sh; throws std::runtime_error if it fails.
void run_command(const std::string& command);

}  // namespace leat::outage
