// What name servers say, and its results: see tests/e2e/faults, Status, DNS, TLS.
#include <doctest/doctest.h>
#include <unistd.h>

#include <map>
#include <string>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/private_mounts.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

// Runs argv[2:] while a name server at argv[1] answers by the first label: nx (no such name), none (no
// address), fail, refuse, and two (127.0.0.2, where nobody listens, and 127.0.0.1).
const char* const kNameServer = R"(
import socket, subprocess, sys, threading
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 53))
def serve():
    while True:
        question, peer = server.recvfrom(512)
        end = question.index(b'\0', 12) + 5
        label = question[13:13 + question[12]]
        code = {b'nx': 3, b'fail': 2, b'refuse': 5}.get(label, 0)
        wanted = [2, 1] if label == b'two' and question[end - 4:end - 2] == b'\0\1' else []
        answers = b''.join(b'\xc0\x0c\0\1\0\1\0\0\0\0\0\4' + bytes([127, 0, 0, last]) for last in wanted)
        head = question[:2] + bytes([0x85, 0x80 | code]) + b'\0\1' + bytes([0, len(wanted)]) + b'\0\0\0\0'
        server.sendto(head + question[12:end] + answers, peer)
threading.Thread(target=serve, daemon=True).start()
sys.exit(subprocess.call(sys.argv[2:]))
)";

// Runs `leat get` with that name server alone, and with mounts of its own.
Finished get_with_name_server(const TempDir& dir, const std::string& list) {
  // Uses an address of its own, since other tests may run at the same time.
  const std::string address =
      "127.2." + std::to_string(::getpid() / 250 % 250) + "." + std::to_string(1 + ::getpid() % 250);
  write_file(dir / "resolv.conf", "nameserver " + address + "\noptions timeout:2 attempts:1\n");
  write_file(dir / "nsswitch.conf", "hosts: files dns\n");
  const std::string command = "mount --bind " + dir / "resolv.conf" + " /etc/resolv.conf && mount --bind " +
                              dir / "nsswitch.conf" + " /etc/nsswitch.conf && exec python3 -c \"$0\" \"$@\"";
  return run_process({"unshare", "-m", "/bin/sh", "-c", command, kNameServer, address, LEAT_BINARY, "get",
                      "-q", "--retry", "0", "-i", "-"},
                     list);
}

}  // namespace

TEST_CASE(
    "lookup: a name that does not exist is a final failure, and a name server that fails for the moment is "
    "not") {
  if (!has_private_mounts()) {
    MESSAGE("no private mount namespace here: not tested");
    return;
  }
  const TempDir dir;
  const OriginProcess origin;
  const std::string port = std::to_string(origin.port());
  std::string list = "http://two.example.org:" + port + "/ok\n";
  for (const char* label : {"nx", "none", "fail", "refuse"})
    list.append("http://").append(label).append(".example.org/\n");
  const auto run = get_with_name_server(dir, list);
  std::map<std::string, std::string> said;
  for (const auto& line : json_lines(run.out)) {
    const std::string url = line.text("url");
    const std::string label = url.substr(7, url.find('.') - 7);
    if (line.error_code().empty()) {
      said[label] = line.text("remote_ip");
    } else {
      said[label] = line.error_code() + (line["error"]["retryable"].GetBool() ? ", for the moment" : "");
    }
  }
  CHECK(said == std::map<std::string, std::string>{{"two", "127.0.0.1"},
                                                   {"nx", "dns_failed"},
                                                   {"none", "dns_failed"},
                                                   {"fail", "dns_failed, for the moment"},
                                                   {"refuse", "dns_failed, for the moment"}});
}
