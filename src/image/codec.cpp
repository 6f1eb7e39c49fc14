#include "image/codec.hpp"

#include "image/fields.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace hupd::image {

std::string descriptor(std::string_view kind, Key key) {
  return std::string(kind) + "-" + std::to_string(key);
}

// What is no UTF-8 comes out of an application's output, where it is for people: it is replaced.
std::string to_text(Master& image) {
  json::Json object = json::Json::object();
  json::Writer writer(object);
  fields(writer, image);
  return object.dump(-1, ' ', false, json::Json::error_handler_t::replace);
}

tl::expected<Master, std::string> parse(std::string_view text) {
  const auto json = json::ReadJson::parse(text, nullptr, false);
  if (!json.is_object()) return tl::unexpected(std::string("it is not the state of a master"));
  Master image;
  image.format = 0;
  json::Reader format_only(json);
  format_only("format", image.format);
  if (image.format < oldest_readable || image.format > format) {
    return tl::unexpected("the state has format " + std::to_string(image.format) +
                          ", and hupd " HUPD_VERSION " reads " + std::to_string(oldest_readable) +
                          " to " + std::to_string(format));
  }
  json::Reader reader(json);
  fields(reader, image);
  if (!reader.fault().empty()) return tl::unexpected("the state: " + reader.fault());
  return image;
}

}  // namespace hupd::image
