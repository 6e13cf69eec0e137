#include "common/pictures.hpp"

#include <algorithm>

#include "hourglass/analysis/latent.hpp"
#include "hourglass/plot/novelty_pictures.hpp"
#include "hourglass/plot/variational_pictures.hpp"
#include "variational/variational.hpp"

namespace hourglass::variational {
namespace {

void draw_reconstructions(Pictures& pictures, const Options& o, const Result& r) {
    const Net& net = r.nets.front();
    const std::size_t columns = o.of_letters() ? 16 : 12;
    const Matrix* targets = o.of_letters() ? &o.X : nullptr;
    Workspace ws(net.run.model, o.seed);
    net.run.model.forward(ws, o.X);
    std::vector<SheetRow> rows = {sheet_row("original", o.X), sheet_row("mean code", net.Y, targets),
                                  sheet_row("drawn code", ws.Y(), targets)};
    if (r.plain) {
        rows.push_back(sheet_row("plain autoencoder", r.plain->Y, targets));
    }
    ImageSheet sheet;
    sheet.title = "Originals, and what they become by their mean codes and by codes drawn for them";
    sheet.shape = o.shape;
    sheet.note = o.of_letters() ? "Outlined: wrong pixels." : "";
    add_rows(sheet, std::min(o.X.rows(), 3 * columns), columns, rows);
    draw_image_sheet(pictures, "reconstruction", sheet);
}

void draw_new(Pictures& pictures, const Options& o, const Result& r) {
    ImageSheet sheet;
    sheet.title = text("New: the first of %zu codes, decoded, and the nearest ", new_codes) + o.sample;
    sheet.shape = o.shape;
    sheet.note = o.of_letters()
                     ? "Below: which letter that is, and how many pixels away."
                     : text("Below: the mean squared difference. Near: less than %.4f; a copy: %.4f.",
                            r.limits.near, r.limits.copy);
    const auto add = [&](const std::string& label, const Net& net) {
        const auto caption = [&](std::size_t i) {
            const double distance = net.neighbours.distance[i];
            return o.of_letters() ? o.names[net.neighbours.nearest[i]] + text(" +%.0f", distance)
                                  : text("%.4f", distance);
        };
        add_new_images(sheet, label, net.new_images, o.X, net.neighbours, 2, o.of_letters() ? 16 : 12,
                       caption);
    };
    add("variational", r.nets.front());
    if (r.plain) {
        add("plain", *r.plain);
    }
    draw_image_sheet(pictures, "new", sheet);
}

void draw_planes(Pictures& pictures, const Options& o, const Result& r) {
    const Net& net = r.nets.front();
    if (net.codes.cols() != 2 || o.shape.channels > 1) {
        const Matrix images = decode_in_blocks(net.run.model, quantile_plane(net.codes, 16, 10));
        ImageSheet sheet =
            tiled_sheet("A plane of codes in equal steps of their probability, decoded", o.shape, images, 16);
        sheet.note = "Across and up: the two units, or the directions in which mean codes of more are spread most.";
        return draw_image_sheet(pictures, "plane", sheet);
    }
    draw_distributions(pictures, "latent", "Mean codes with their sigma; dashed: 1 and 2 sigma of the prior",
                       net.run.model, o.shape, net.codes, net.sigma, o.names, net.drawn_from);
    if (r.plain) {
        draw_distributions(pictures, "plain",
                           "Codes of the plain autoencoder; dashed: 1 and 2 sigma of them all",
                           r.plain->run.model, o.shape, r.plain->codes, {}, o.names, r.plain->drawn_from);
    }
}

}  // namespace

void draw_pictures(RunFolder& folder, const Options& o, const Result& r) {
    folder.remove_pictures({"error", "latent", "plain", "plane", "distances", "decoded", "forming"});
    if (const Run& run = r.nets.front().run; !run.errors.empty()) {
        draw_costs(folder.pictures,
                   o.net_text() + text(", beta %g, seed ", *o.beta) + std::to_string(run.seed), o.nats(),
                   run.errors, run.kl, *o.beta, o.of_letters() ? r.entropy : 0);
    }
    draw_planes(folder.pictures, o, r);
    draw_reconstructions(folder.pictures, o, r);
    draw_new(folder.pictures, o, r);
    draw_decoded_codes(folder.pictures, r.nets.front().run.model, o.codes, o.decode, o.shape);
    if (!o.of_letters()) {
        draw_distances(folder.pictures, "distances", o.X,
                       {{"new, variational", &r.nets.front().neighbours},
                        {"new, plain", r.plain ? &r.plain->neighbours : nullptr}});
    }
    draw_forming(folder.pictures, r.nets.front().run, "The mean codes while they form", o.names);
}

}  // namespace hourglass::variational
