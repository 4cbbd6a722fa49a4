#include "engine/text/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <climits>

namespace leat::text {

namespace {

// What EVP takes at once is an int; a multiple of both block sizes, so that the pieces fit together.
constexpr std::size_t kPiece = (INT_MAX / 16) / 12 * 12;

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string text;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kPiece, bytes.size()))) {
    const auto piece = bytes.substr(0, kPiece);
    const std::size_t before = text.size();
    text.resize(before + (piece.size() + 2) / 3 * 4 + 1);  // EVP ends what it writes with a zero byte
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + before), bytes_of(piece),
                    static_cast<int>(piece.size()));
    text.pop_back();
  }
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  // EVP would take the first of these for a digit, and skips the others at both ends.
  if (text.substr(0, text.size() - padding).find_first_of("=- \t\r\n") != std::string_view::npos) {
    return std::nullopt;
  }
  std::string bytes;
  for (; !text.empty(); text.remove_prefix(std::min(kPiece, text.size()))) {
    const auto piece = text.substr(0, kPiece);
    const std::size_t before = bytes.size();
    bytes.resize(before + piece.size() / 4 * 3);
    const int made = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data() + before), bytes_of(piece),
                                     static_cast<int>(piece.size()));
    if (made < 0) return std::nullopt;
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace leat::text
