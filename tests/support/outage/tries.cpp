#include "tests/support/outage/tries.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <sstream>

namespace leat::outage {
namespace {

constexpr std::uint32_t kSyn = 0x02;
constexpr std::uint32_t kSynAndAck = 0x12;

/// Lets SYNs to the port pass.
bool attach_filter(int fd, std::uint16_t port) {
  std::array<sock_filter, 10> code{{
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, offsetof(iphdr, protocol)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 6),
      BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
      BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 3),
      BPF_STMT(BPF_LD | BPF_B | BPF_IND, 13),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kSynAndAck),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kSyn, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, 0xffff),
  }};
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

}  // namespace

Tries::Tries(std::uint16_t port, const std::string& host)
    : fd_(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  if (fd_ < 0) return;
  if (!host.empty()) inet_pton(AF_INET, host.c_str(), &host_);
  const int room = 8 << 20;
  setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  sockaddr_ll all{};
  all.sll_family = AF_PACKET;
  all.sll_protocol = htons(ETH_P_IP);  // as they arrive: packets that are sent are seen only with ETH_P_ALL
  if (attach_filter(fd_, port) && bind(fd_, reinterpret_cast<sockaddr*>(&all), sizeof all) == 0) return;
  ::close(fd_);
  fd_ = -1;
}

std::uint64_t Tries::without_route() {
  std::ifstream file("/proc/self/net/snmp");
  std::string names;
  std::string values;
  while (std::getline(file, names) && std::getline(file, values)) {
    std::istringstream name_words(names);
    std::istringstream value_words(values);
    std::string name;
    std::string value;
    while (name_words >> name && value_words >> value) {
      if (name == "OutNoRoutes") return std::stoull(value);
    }
  }
  return 0;
}

Tries::~Tries() {
  if (fd_ >= 0) ::close(fd_);
}

void Tries::read() {
  std::array<char, 128> packet{};
  ssize_t size = 0;
  while ((size = recv(fd_, packet.data(), packet.size(), 0)) > 0) {
    iphdr ip{};
    tcphdr tcp{};
    std::memcpy(&ip, packet.data(), sizeof ip);
    const std::size_t at = std::size_t{ip.ihl} * 4;
    if (static_cast<std::size_t>(size) < at + sizeof tcp) continue;
    std::memcpy(&tcp, packet.data() + at, sizeof tcp);
    if (host_ == 0 || host_ == ip.daddr)
      seen_.emplace(tcp.source, tcp.seq);  // once, however often it is sent
  }
}

std::optional<std::uint64_t> Tries::count() {
  if (fd_ < 0) return std::nullopt;
  read();
  return seen_.size();
}

}  // namespace leat::outage
