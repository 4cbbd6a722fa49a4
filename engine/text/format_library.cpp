// What {fmt} keeps in its shared library, compiled into leat: the library would cost every start its loading,
// and that of the C++ library which it asks for (see leat_archive in tests/cmake). Its header lists what has
// to be instantiated by whoever does so; versions 9 and 10 ask for the same.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {

template FMT_API auto dragonbox::to_decimal(float x) noexcept -> dragonbox::decimal_fp<float>;
template FMT_API auto dragonbox::to_decimal(double x) noexcept -> dragonbox::decimal_fp<double>;
template FMT_API locale_ref::locale_ref(const std::locale& locale);
template FMT_API auto locale_ref::get<std::locale>() const -> std::locale;
template FMT_API auto thousands_sep_impl(locale_ref locale) -> thousands_sep_result<char>;
template FMT_API auto decimal_point_impl(locale_ref locale) -> char;
template FMT_API void buffer<char>::append(const char* begin, const char* end);
template FMT_API void vformat_to(buffer<char>& out, string_view format,
                                 basic_format_args<buffer_context<char>> args, locale_ref locale);

}  // namespace detail
FMT_END_NAMESPACE
