#include "tests/support/outage/routes.hpp"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace leat::outage {
namespace {

/// One request to the kernel about the route to one address in the table of local addresses, which the kernel
/// looks into first.
struct RouteRequest {
  nlmsghdr header{};
  rtmsg route{};
  rtattr address_header{};
  in_addr address{};
  rtattr interface_header{};
  unsigned interface = 0;
};

RouteRequest request_for(const std::string& address, std::uint16_t type, std::uint16_t flags) {
  RouteRequest request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
  request.route.rtm_family = AF_INET;
  request.route.rtm_dst_len = 32;
  request.route.rtm_table = RT_TABLE_LOCAL;
  request.route.rtm_protocol = RTPROT_BOOT;
  request.route.rtm_scope = type == RTM_DELROUTE ? RT_SCOPE_NOWHERE : RT_SCOPE_LINK;
  request.address_header = {RTA_LENGTH(sizeof request.address), RTA_DST};
  request.interface_header = {RTA_LENGTH(sizeof request.interface), RTA_OIF};
  inet_pton(AF_INET, address.c_str(), &request.address);
  return request;
}

void ask_kernel(RouteRequest request) {
  if (request.interface == 0) request.header.nlmsg_len = offsetof(RouteRequest, interface_header);
  struct {
    nlmsghdr header;
    nlmsgerr error;
    char more[256];
  } answer{};
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  const bool answered =
      send(fd, &request, request.header.nlmsg_len, 0) > 0 && recv(fd, &answer, sizeof answer, 0) > 0;
  ::close(fd);
  if (!answered || answer.header.nlmsg_type != NLMSG_ERROR || answer.error.error != 0) {
    throw std::runtime_error(std::string("the kernel refuses the route: ") +
                             std::strerror(-answer.error.error));
  }
}

}  // namespace

void enter_own_network() {
  if (unshare(CLONE_NEWNET) != 0)
    throw std::runtime_error("no network of its own for this process: not root");
  ifreq loopback{};
  std::strcpy(loopback.ifr_name, "lo");
  loopback.ifr_flags = IFF_UP | IFF_RUNNING;
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool up = ioctl(fd, SIOCSIFFLAGS, &loopback) == 0;
  ::close(fd);
  if (!up) throw std::runtime_error("loopback doesn't come up");
}

// "throw" in the local table goes on to the main table, which has no routes in a namespace with loopback
// alone. So connect() fails with ENETUNREACH, which the kernel counts.
void Routes::withdraw() const {
  for (const auto& address : addresses_) {
    RouteRequest request = request_for(address, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
    request.route.rtm_type = RTN_THROW;
    request.route.rtm_scope = RT_SCOPE_UNIVERSE;
    ask_kernel(request);
  }
}

// What is sent to one end of the pair comes out of the other one, which does not have that address.
void Routes::lay_wrong_track() {
  run_command(
      "ip link add astray type veth peer name nowhere && ip link set astray up && ip link set nowhere up");
  for (const auto& address : addresses_)
    run_command("ip neigh replace " + address + " lladdr 02:00:00:00:00:01 dev astray nud permanent");
  wrong_track_ = if_nametoindex("astray");
}

void Routes::lead_astray() const {
  for (const auto& address : addresses_) {
    RouteRequest request = request_for(address, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
    request.route.rtm_type = RTN_UNICAST;
    request.interface = wrong_track_;
    ask_kernel(request);
  }
}

void Routes::restore() const {
  for (const auto& address : addresses_) ask_kernel(request_for(address, RTM_DELROUTE, 0));
}

void run_command(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

}  // namespace leat::outage
