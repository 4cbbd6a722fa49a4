// What the server does when the fault begins and when it ends.
#include <sys/epoll.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/support/outage/server.hpp"

namespace leat::outage {

bool Server::has_fault(const std::string& address) const {
  return fault_is_on_ && (options_.fault_host.empty() || options_.fault_host == address);
}

bool Server::has_fault(const std::string& address, FaultKind kind) const {
  return options_.fault == kind && has_fault(address);
}

// A client that has just got a good answer sends the next request before it can know of the fault.
bool Server::was_in_flight(Connection& connection) const {
  constexpr std::chrono::milliseconds kOnTheWay(20);
  return std::exchange(connection.answered_well, false) && Clock::now() < *report_.fault_began + kOnTheWay;
}

void Server::begin_fault() {
  fault_is_due_ = false;
  fault_is_on_ = true;
  report_.fault_began = Clock::now();
  if (options_.lasting) fault_ends_ = *report_.fault_began + *options_.lasting;
  tries_before_ = tries_->count().value_or(0);
  if (!options_.begin_command.empty()) run_command(options_.begin_command);
  apply_fault();
}

void Server::apply_fault() {
  switch (options_.fault) {
    case FaultKind::reset:
    case FaultKind::limit:  // what is there would count against the client
      return end_connections(Ending::reset, false);
    case FaultKind::close:
    case FaultKind::half_close:
      return end_connections(Ending::close, false);
    case FaultKind::refuse:
      for (const auto& address : options_.hosts) stop_accepting(address, true);
      return end_connections(Ending::reset, false);
    case FaultKind::restart:
      for (const auto& address : options_.hosts) stop_accepting(address, true);
      return end_connections(Ending::close, true);
    case FaultKind::freeze:
      for (const auto& address : options_.hosts) {
        stop_accepting(address, false);
        if (has_fault(address)) listeners_.fill_queue(address);
      }
      tries_before_ = tries_->count().value_or(0);  // the connection that fills the queue is ours
      return;
    case FaultKind::unreachable:  // at once: nothing must find a way back until the route is gone
      for (const auto& address : options_.hosts) stop_accepting(address, true);
      end_connections(Ending::reset, false);
      return routes_.withdraw();
    case FaultKind::drop:
      return routes_.lead_astray();
    case FaultKind::none:
    case FaultKind::status:
    case FaultKind::slow:
      return;
  }
}

void Server::end_fault() {
  fault_ends_.reset();
  count_tries();
  if (options_.fault == FaultKind::unreachable || options_.fault == FaultKind::drop) routes_.restore();
  fault_is_on_ = false;
  report_.fault_ended = Clock::now();
  for (const auto& address : options_.hosts) open(address);
  for (const auto& [fd, connection] : connections_) {
    if (connection->waiting) due_.emplace(Clock::now(), std::pair(fd, connection->id()));
  }
  if (!options_.end_command.empty()) run_command(options_.end_command);
}

void Server::end_connections(Ending ending, bool idle_only) {
  std::vector<Connection*> ended;
  for (const auto& [fd, connection] : connections_) {
    if (has_fault(connection->address()) && !(idle_only && connection->waiting))
      ended.push_back(connection.get());
  }
  for (Connection* const connection : ended) end(*connection, ending);
}

// Does nothing if it is open.
void Server::open(const std::string& address) {
  listeners_.open(address);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = listeners_.fd(address);
  epoll_ctl(epoll_, EPOLL_CTL_ADD, event.data.fd, &event);
}

void Server::stop_accepting(const std::string& address, bool refuse) {
  if (!has_fault(address)) return;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, listeners_.fd(address), nullptr);
  if (refuse) listeners_.close(address);
}

bool Server::is_full(const std::string& address) const {
  const auto count = std::ranges::count_if(
      connections_, [&](const auto& each) { return each.second->address() == address; });
  return static_cast<std::size_t>(count) >= options_.value;
}

void Server::count_tries() {
  if (const auto tries = tries_->count()) report_.fault_tries = *tries - tries_before_;
  if (options_.fault == FaultKind::unreachable) *report_.fault_tries += Tries::without_route();
}

}  // namespace leat::outage
