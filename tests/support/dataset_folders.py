"""Folders in the layouts of the 26 datasets, with a few tiny images each.

The gray value of each image is ``GRAY_OF_CLASS`` times its label, so tests can check that images
and labels match.
"""

import csv
import gzip
import json
import pickle

import numpy as np
from PIL import Image
from scipy.io import savemat

GRAY_OF_CLASS = 20


def paint(path, label, side=8):
    """Write an image with the gray value of a class."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels(label, (side, side))).save(path)


def pixels(label, shape):
    return np.full(shape, GRAY_OF_CLASS * label, dtype=np.uint8)


def write(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def paint_folders(folder, names, n_images, suffix=".jpg"):
    for label, name in enumerate(names):
        for number in range(n_images):
            paint(folder / name / f"{number:03d}{suffix}", label)


def class_folders(root, lists, image, line, names):
    """Write three images per class and lists with the given numbers of images."""
    for label, name in enumerate(names):
        for number in range(3):
            paint(root / image.format(name=name, number=number), label)
    for file, numbers in lists.items():
        write(
            root / file,
            [line.format(name=name, number=number) for name in names for number in numbers],
        )


def food101(root):
    names = ["apple_pie", "ramen"]
    lists = {"meta/train.txt": [1, 2], "meta/test.txt": [0]}
    class_folders(root, lists, "images/{name}/{number}.jpg", "{name}/{number}", names)
    return names, [2, 2], [1, 1]


def cifar10(root):
    names = ["airplane", "bird", "cat"]
    root.mkdir(parents=True)
    files = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
    for file in files:
        _cifar_batch(root / file, "labels", 3)
    _pickle(root / "batches.meta", {"label_names": names})
    return names, [5, 5, 5], [1, 1, 1]


def cifar100(root):
    names = ["apple", "bear"]
    root.mkdir(parents=True)
    for file in ("train", "test"):
        _cifar_batch(root / file, "fine_labels", 2)
    _pickle(root / "meta", {"fine_label_names": names})
    return names, [1, 1], [1, 1]


def _cifar_batch(path, entry, n_classes):
    rows = np.stack([pixels(label, 3072) for label in range(n_classes)])
    _pickle(path, {"data": rows, entry: list(range(n_classes))})


def _pickle(path, content):
    with open(path, "wb") as file:
        pickle.dump(content, file, protocol=2)  # the latest protocol of Python 2


def birdsnap(root):
    names = ["Acadian_Flycatcher", "Wood_Duck"]
    paint_folders(root / "download" / "images", names, 8)
    return names, [3, 3], [5, 5]


def sun397(root):
    names = ["abbey", "apse/indoor"]
    lists = {"Training_01.txt": [1, 2], "Testing_01.txt": [0]}
    class_folders(root, lists, "a/{name}/sun_{number}.jpg", "/a/{name}/sun_{number}.jpg", names)
    return names, [2, 2], [1, 1]


def cars(root):
    names = ["Acura TL", "BMW X5"]
    kind = [("fname", object), ("class", object)]
    for file, folder, n_images in (
        ("devkit/cars_train_annos.mat", "cars_train", 2),
        ("cars_test_annos_withlabels.mat", "cars_test", 1),
    ):
        rows = []
        for label in range(2):
            for number in range(n_images):
                paint(root / folder / f"{label}{number}.jpg", label)
                rows.append((f"{label}{number}.jpg", label + 1))
        (root / file).parent.mkdir(exist_ok=True)
        savemat(root / file, {"annotations": np.array(rows, dtype=kind)})
    savemat(root / "devkit" / "cars_meta.mat", {"class_names": np.array(names, dtype=object)})
    return names, [2, 2], [1, 1]


def aircraft(root):
    names = ["707-320", "Cessna 172"]
    lists = {"trainval": [1, 2], "test": [0]}
    for label in range(2):
        for number in range(3):
            paint(root / "data" / "images" / f"{label}{number}.jpg", label)
    for part, numbers in lists.items():
        write(
            root / "data" / f"images_variant_{part}.txt",
            [f"{label}{number} {name}" for label, name in enumerate(names) for number in numbers],
        )
    return names, [2, 2], [1, 1]


def dtd(root):
    names = ["banded", "dotted"]
    lists = {"labels/train1.txt": [1], "labels/val1.txt": [2], "labels/test1.txt": [0]}
    image = "{name}/{name}_{number}.jpg"
    class_folders(root, lists, f"images/{image}", image, names)
    return names, [2, 2], [1, 1]


def pets(root):
    names = ["Abyssinian", "great_pyrenees"]
    lists = {"annotations/trainval.txt": [1, 2], "annotations/test.txt": [0]}
    class_folders(root, lists, "images/{name}_{number}.jpg", "{name}_{number} 1 1 1", names)
    return names, [2, 2], [1, 1]


def caltech101(root):
    names = ["BACKGROUND_Google", "accordion"]
    paint_folders(root / "101_ObjectCategories", names, 33)
    return names, [30, 30], [3, 3]


def flowers(root):
    classes = np.array([1, 2, 1, 2, 1, 2])
    for number, label in enumerate(classes, start=1):
        paint(root / "jpg" / f"image_{number:05d}.jpg", label - 1)
    savemat(root / "imagelabels.mat", {"labels": classes[None]})
    parts = {"trnid": [[1, 2]], "valid": [[3, 4]], "tstid": [[5, 6]]}
    savemat(root / "setid.mat", parts)
    return ["1", "2"], [2, 2], [1, 1]


def mnist(root, compressed=False):
    root.mkdir(parents=True)
    for prefix, labels in (("train", [0, 1, 2, 1]), ("t10k", [2, 0])):
        images = np.stack([pixels(label, (28, 28)) for label in labels])
        for kind, array in (("images-idx3", images), ("labels-idx1", np.uint8(labels))):
            header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, dtype=">i4").tobytes()
            name = f"{prefix}-{kind}-ubyte"
            opener = gzip.open if compressed else open
            with opener(root / f"{name}{'.gz' if compressed else ''}", "wb") as file:
                file.write(header + array.tobytes())
    return [str(digit) for digit in range(10)], [1, 2, 1], [1, 0, 1]


def fer2013(root):
    root.mkdir(parents=True)
    with open(root / "fer2013.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["emotion", "pixels", "Usage"])
        for label, usage in (
            (0, "Training"),
            (1, "Training"),
            (1, "PublicTest"),
            (0, "PrivateTest"),
        ):
            gray = " ".join(str(value) for value in pixels(label, 48 * 48))
            table.writerow([label, gray, usage])
    names = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
    return names, [1, 1], [1]


def stl10(root):
    names = ["airplane", "bird"]
    write(root / "class_names.txt", names)
    for prefix, labels in (("train", [0, 1, 1]), ("test", [1, 0])):
        np.stack([pixels(label, (3, 96, 96)) for label in labels]).tofile(root / f"{prefix}_X.bin")
        (np.uint8(labels) + np.uint8(1)).tofile(root / f"{prefix}_y.bin")
    return names, [1, 2], [1, 1]


def eurosat(root):
    names = ["AnnualCrop", "Forest"]
    for label, name in enumerate(names):
        paint(root / "2750" / name / "0.jpg", label)
        for number in range(1, 1510):  # links are faster than files
            (root / "2750" / name / f"{number}.jpg").hardlink_to(root / "2750" / name / "0.jpg")
    return names, [1000, 1000], [500, 500]


def resisc45(root):
    names = ["airplane", "airport"]
    paint_folders(root / "NWPU-RESISC45", names, 10)
    return names, [8, 8], [2, 2]


def gtsrb(root):
    names = ["00000", "00001"]
    paint_folders(root / "GTSRB" / "Training", names, 2, ".ppm")
    lines = ["Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId"]
    for number, label in enumerate([1, 0, 1]):
        paint(root / "GTSRB" / "Final_Test" / "Images" / f"{number:05d}.ppm", label)
        lines.append(f"{number:05d}.ppm;8;8;1;1;7;7;{label}")
    write(root / "GT-final_test.csv", lines)
    return names, [2, 2], [1, 2]


def kitti(root):
    distances = [[], [30.0, 5.0], [12.0], [35.0]]  # vehicles of each class
    for number in range(20):
        label = number % 4
        objects = [f"Car 0 0 0 0 0 9 9 1 1 1 0 1 {depth} 0" for depth in distances[label]]
        # A pedestrian is not a vehicle, so its distance does not count.
        lines = ["Pedestrian 0 0 0 0 0 9 9 1 1 1 0 1 2.0 0", *objects]
        write(root / "training" / "label_2" / f"{number:06d}.txt", lines)
        paint(root / "training" / "image_2" / f"{number:06d}.png", label)
    return ["no vehicle", "below 8 m", "8 to 20 m", "above 20 m"], 16, 4


def country211(root):
    names = ["AD", "AE"]
    for part, n_images in (("train", 3), ("valid", 1), ("test", 2)):
        paint_folders(root / "country211" / part, names, n_images)
    return names, [4, 4], [2, 2]


def pcam(root):
    import h5py

    root.mkdir(parents=True)
    for part, labels in (("train", [0, 1, 1]), ("valid", [0]), ("test", [1, 0])):
        name = f"camelyonpatch_level_2_split_{part}"
        images = np.stack([pixels(label, (96, 96, 3)) for label in labels])
        for kind, array in (("x", images), ("y", np.uint8(labels).reshape(-1, 1, 1, 1))):
            with h5py.File(root / f"{name}_{kind}.h5", "w") as file:
                file[kind] = array
    return ["no tumor", "tumor"], [2, 2], [1, 1]


def ucf101(root):
    names = ["Archery", "Biking"]
    clip = "v_{name}_g0{number}_c01"
    lists = {"trainlist01": "{video} {label}", "testlist01": "{video}"}
    for file, line in lists.items():
        numbers = [1, 2] if file == "trainlist01" else [0]
        lines = []
        for label, name in enumerate(names):
            for number in numbers:
                stem = f"{name}/{clip.format(name=name, number=number)}"
                film(root / "UCF-101" / f"{stem}.avi", label)
                lines.append(line.format(video=f"{stem}.avi", label=label + 1))
        write(root / "ucfTrainTestlist" / f"{file}.txt", lines)
    return names, [2, 2], [1, 1]


def kinetics700(root):
    names = ["abseiling", "zumba"]
    for part, n_images in (("train", 2), ("val", 1)):
        paint_folders(root / part, names, n_images)
        for label, name in enumerate(names):
            film(root / part / name / "video.mp4", label)
    return names, [3, 3], [2, 2]


def film(path, label, n_frames=5):
    """Write a video whose middle frame has the gray value of a class. Others are lighter."""
    import av

    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 16
        stream.gop_size = 1  # encode each frame on its own
        for number in range(n_frames):
            gray = (
                pixels(label, (16, 16, 3)) if number == n_frames // 2 else pixels(12, (16, 16, 3))
            )
            container.mux(stream.encode(av.VideoFrame.from_ndarray(gray, format="rgb24")))
        container.mux(stream.encode())


def clevr(root):
    scenes = []
    for number in range(2600):
        label = number % 8
        image = f"CLEVR_train_{number:06d}.png"
        scenes.append({"image_filename": image, "objects": [{}] * (label + 3)})
    for label in range(8):  # links are faster than files
        paint(root / "images" / "train" / scenes[label]["image_filename"], label)
        for number in range(label + 8, 2600, 8):
            image = root / "images" / "train" / scenes[number]["image_filename"]
            image.hardlink_to(root / "images" / "train" / scenes[label]["image_filename"])
    write(root / "scenes" / "CLEVR_train_scenes.json", [json.dumps({"scenes": scenes})])
    return [str(count) for count in range(3, 11)], 2000, 500


def hatefulmemes(root):
    for file, labels in (("train", [0, 1, 1]), ("dev", [1, 0])):
        lines = []
        for number, label in enumerate(labels):
            image = f"img/{file}{number}.png"
            paint(root / image, label)
            lines.append(json.dumps({"id": number, "img": image, "label": label, "text": "..."}))
        write(root / f"{file}.jsonl", lines)
    return ["not hateful", "hateful"], [1, 2], [1, 1]


def sst(root):
    names = ["negative", "positive"]
    for part, n_images in (("train", 3), ("valid", 1), ("test", 2)):
        paint_folders(root / "rendered-sst2" / part, names, n_images, ".png")
    return names, [4, 4], [2, 2]


def imagenet(root):
    names = ["n01440764", "n01443537"]
    for part, n_images in (("train", 3), ("val", 2)):
        paint_folders(root / part, names, n_images, ".JPEG")
    return names, [3, 3], [2, 2]


#: For each dataset, a function that fills a folder. It returns the names of the classes, and the
#: number of images in "train" and in "val", for each class or in total.
MAKERS = {
    maker.__name__: maker
    for maker in (
        food101,
        cifar10,
        cifar100,
        birdsnap,
        sun397,
        cars,
        aircraft,
        dtd,
        pets,
        caltech101,
        flowers,
        mnist,
        fer2013,
        stl10,
        eurosat,
        resisc45,
        gtsrb,
        kitti,
        country211,
        pcam,
        ucf101,
        kinetics700,
        clevr,
        hatefulmemes,
        sst,
        imagenet,
    )
}
